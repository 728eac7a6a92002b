package io.kappamesh.console.load;

import io.kappamesh.command.Screen;
import io.kappamesh.command.Shell;
import io.kappamesh.cut.Progress;
import io.kappamesh.display.HumanNumbers;
import java.util.List;

/** Shows how far a command is, on standard error. */
final class StepPrinter implements Progress {
    private final Screen screen;

    StepPrinter(Shell shell) {
        this.screen = new Screen(shell.err(), shell.terminal());
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
