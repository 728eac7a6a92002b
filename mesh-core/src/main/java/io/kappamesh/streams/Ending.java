package io.kappamesh.streams;

import io.kappamesh.failure.ExitCode;
import java.util.List;

/**
 * Why a product or one of its generations ended by itself.
 *
 * @param code {@link ExitCode#OK} = nothing was left for it to do
 * @param problems one sentence each
 */
public record Ending(ExitCode code, List<String> problems) {}
