package io.kappamesh.command;

import io.kappamesh.cut.Progress;
import io.kappamesh.display.HumanNumbers;
import java.util.List;

/** Shows an operator how far a command is. */
public final class ProgressPrinter implements Progress {
    private final Screen screen;

    ProgressPrinter(Screen screen) {
        this.screen = screen;
    }

    /** On standard error, so that standard output holds the result and nothing else. */
    public static ProgressPrinter in(Shell shell) {
        return new ProgressPrinter(new Screen(shell.err(), shell.terminal()));
    }

    @Override
    public void step(String what) {
        screen.say(what);
    }

    @Override
    public void progress(long done, long total) {
        if (total > 0) {
            screen.draw(List.of("  " + HumanNumbers.bar(done, total) + " " + HumanNumbers.count(done) + " of "
                    + HumanNumbers.count(total)));
        }
    }
}
