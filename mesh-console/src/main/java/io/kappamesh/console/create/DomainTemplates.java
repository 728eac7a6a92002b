package io.kappamesh.console.create;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/** The files of a new project: templates, in which <code>@{name}</code> stands for a value. */
final class DomainTemplates {
    private static final String REPOSITORIES = """

              <repositories>
                <repository>
                  <id>kappa-mesh</id>
                  <url>%s</url>
                </repository>
              </repositories>
            """;

    private final DomainProject project;

    DomainTemplates(DomainProject project) {
        this.project = project;
    }

    /** Writes all of them and returns where. */
    List<Path> write(Path target) throws IOException {
        List<Path> written = new ArrayList<>();
        for (Map.Entry<String, String> file : files().entrySet()) {
            Path path = target.resolve(file.getKey());
            Files.createDirectories(Objects.requireNonNull(path.getParent()));
            Files.writeString(path, file.getValue());
            written.add(path);
        }
        if (!target.resolve(".ci/run").toFile().setExecutable(true)) {
            throw new IOException("cannot make " + target.resolve(".ci/run") + " executable");
        }
        return written;
    }

    /** The text of each file, by its path. */
    Map<String, String> files() throws IOException {
        String folder = project.packageName().replace('.', '/') + "/" + project.className();
        String main = "src/main/java/" + folder;
        String test = "src/test/java/" + folder;
        String samples = "src/main/java/" + project.packageName().replace('.', '/') + "/SampleItems.java";
        Map<String, String> files = new LinkedHashMap<>();
        files.put("README.md", text("README.md"));
        files.put("pom.xml", text("pom.xml"));
        files.put("src/main/avro/" + project.domain() + ".items.v1.avsc", text("items.avsc"));
        files.put("src/main/avro/" + project.domain() + ".daily-totals.v1.avsc", text("daily-totals.avsc"));
        files.put(main + "Ports.java", text("Ports.java"));
        files.put(main + "Steps.java", text("Steps.java"));
        files.put(main + "Products.java", text("Products.java"));
        files.put(main + "Application.java", text("Application.java"));
        files.put(samples, text("SampleItems.java"));
        files.put("src/main/resources/logback.xml", text("logback.xml"));
        files.put(test + "StepsTest.java", text("StepsTest.java"));
        files.put(test + "ProductsTest.java", text("ProductsTest.java"));
        files.put("Dockerfile", text("Dockerfile"));
        files.put(".dockerignore", text("dockerignore"));
        files.put(".gitignore", text("gitignore"));
        files.put(".ci/run", text("ci"));
        return files;
    }

    private String text(String template) throws IOException {
        String text = new String(resource(template + ".txt"), StandardCharsets.UTF_8);
        Properties versions = new Properties();
        try (InputStream in = open("versions.properties")) {
            versions.load(in);
        }
        Map<String, String> values = Map.of(
                "domain", project.domain(),
                "Domain", project.className(),
                "package", project.packageName(),
                "meshVersion", project.meshVersion(),
                "avroVersion", versions.getProperty("avro"),
                "junitVersion", versions.getProperty("junit"),
                "repositories",
                        project.repository().map(REPOSITORIES::formatted).orElse(""));
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("@{" + value.getKey() + "}", value.getValue());
        }
        if (text.contains("@{")) {
            throw new IllegalStateException("template " + template + ": a value is missing, "
                    + text.substring(text.indexOf("@{"), text.indexOf("@{") + 20));
        }
        return text;
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = open(name)) {
            return in.readAllBytes();
        }
    }

    private static InputStream open(String name) {
        return Objects.requireNonNull(DomainTemplates.class.getResourceAsStream(name), name);
    }
}
