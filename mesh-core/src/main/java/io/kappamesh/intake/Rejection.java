package io.kappamesh.intake;

/**
 * The verdict that keeps a record out.
 *
 * @param reason the class of the fault
 * @param detail what exactly, in a sentence without any value of the record. It may name fields of a foreign schema or come from the
 *     domain, so what is longer than {@value #LONGEST} characters is cut
 */
record Rejection(Reason reason, String detail) {
    static final int LONGEST = 2_000;

    Rejection {
        detail = detail.length() <= LONGEST ? detail : detail.substring(0, LONGEST) + "…";
    }
}
