package io.kappamesh.system;

import io.kappamesh.cut.Progress;
import java.util.HashMap;
import java.util.Map;

/**
 * Does something once, when a promotion comes to a step and before the step is done. A step is its number, counted from 1, or its first
 * word: {@code freeze/2} is the second freeze. Every step is printed. One thread.
 */
final class AtStep implements Progress {
    private final String step;
    private final Runnable what;
    private final Map<String, Integer> met = new HashMap<>();
    private int steps;

    private AtStep(String step, Runnable what) {
        this.step = step;
        this.what = what;
    }

    static AtStep of(String step, Runnable what) {
        return new AtStep(step, what);
    }

    @Override
    public void step(String name) {
        steps++;
        String word = name.split(" ", 2)[0];
        int times = met.merge(word, 1, Integer::sum);
        System.out.println("step " + steps + ": " + name);
        if (step.equals(Integer.toString(steps))
                || step.equals(word + "/" + times)
                || (times == 1 && step.equals(word))) {
            what.run();
        }
    }

    @Override
    public void progress(long done, long total) {}
}
