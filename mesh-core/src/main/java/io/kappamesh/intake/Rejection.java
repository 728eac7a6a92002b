package io.kappamesh.intake;

/**
 * Why a record is rejected.
 *
 * @param reason the category
 * @param detail what exactly is wrong, in a sentence without any value of the record. It is cut after {@value #LONGEST} characters, because
 *     it may contain field names of a foreign schema, or text from the domain
 */
record Rejection(Reason reason, String detail) {
    static final int LONGEST = 2_000;

    Rejection {
        detail = detail.length() <= LONGEST ? detail : detail.substring(0, LONGEST) + "…";
    }
}
