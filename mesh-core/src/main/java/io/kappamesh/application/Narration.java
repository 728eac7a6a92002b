package io.kappamesh.application;

import io.kappamesh.replay.Progress;
import java.util.List;

/** Shows an operator how far a command is. */
final class Narration implements Progress {
    private final Screen screen;

    Narration(Screen screen) {
        this.screen = screen;
    }

    /** On standard error, so that standard output holds the result and nothing else. */
    static Narration in(Shell shell) {
        return new Narration(new Screen(shell.err(), shell.terminal()));
    }

    @Override
    public void step(String what) {
        screen.say(what);
    }

    @Override
    public void progress(long done, long total) {
        if (total > 0) {
            screen.draw(List.of("  " + Words.bar(done, total) + " " + Words.count(done) + " of " + Words.count(total)));
        }
    }
}
