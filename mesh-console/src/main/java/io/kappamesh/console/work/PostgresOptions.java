package io.kappamesh.console.work;

import io.kappamesh.command.Shell;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which database of PostgreSQL, and who connects. */
public final class PostgresOptions {
    private static final String USER_VARIABLE = "PGUSER";
    private static final String PASSWORD_VARIABLE = "PGPASSWORD";

    @Option(
            names = "--jdbc",
            required = true,
            paramLabel = "URL",
            description =
                    "The database: jdbc:postgresql://HOST:PORT/DATABASE, with any parameters of PostgreSQL's driver.")
    private String jdbc = "";

    @Option(
            names = "--user",
            paramLabel = "ROLE",
            description =
                    "The role that connects. If not given: PGUSER of the environment, or what the address says. Its password is in"
                            + " PGPASSWORD or in .pgpass.")
    private @Nullable String user;

    public String jdbc() {
        return jdbc;
    }

    /** Tells role and password, as far as options or environment say them. */
    public void credentials(Shell shell, Consumer<String> role, Consumer<String> password) {
        String who = user == null ? shell.environment().get(USER_VARIABLE) : user;
        if (who != null) {
            role.accept(who);
        }
        String secret = shell.environment().get(PASSWORD_VARIABLE);
        if (secret != null) {
            password.accept(secret);
        }
    }
}
