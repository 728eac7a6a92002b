package io.kappamesh.assignment;

/**
 * The rules of the exchange that were once others. Each can be switched back, so that the exploration shows that it would have found what
 * was wrong with it.
 *
 * @param completeReads who decides has read everything that was written before its fence; else it reads what is stable and goes on
 * @param topicPerProduct products do not share a partition of a control topic
 * @param oneBuild a generation is computed by the build in its record; else another build joins with a warning
 * @param readyWhenServed a process is ready when the serving generation runs; else when all that it runs is live
 */
record ModelRules(boolean completeReads, boolean topicPerProduct, boolean oneBuild, boolean readyWhenServed) {
    static final ModelRules NOW = new ModelRules(true, true, true, true);
    static final ModelRules STALE_READS = new ModelRules(false, false, true, true);
    static final ModelRules TWO_BUILDS = new ModelRules(true, true, false, true);
    static final ModelRules READY_BY_CANDIDATES = new ModelRules(true, true, true, false);
}
