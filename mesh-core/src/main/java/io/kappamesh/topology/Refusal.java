package io.kappamesh.topology;

/**
 * The verdict that keeps a record out.
 *
 * @param reason the class of the fault
 * @param detail what exactly, in a sentence without any value of the record
 */
record Refusal(Reason reason, String detail) {}
