package io.kappamesh.console.create;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.apache.avro.Schema;
import org.apache.avro.compiler.specific.SpecificCompiler;
import org.apache.avro.generic.GenericData.StringType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewDomainCommandTest {
    @TempDir
    private Path directory;

    @Test
    void whatIsWrittenForANameWithHyphensCompiles() throws IOException {
        Path target = directory.resolve("desk");
        List<Path> written = new DomainTemplates(project("order-desk", "org.example.orderdesk")).write(target);

        assertThat(written).allSatisfy(file -> assertThat(file).isRegularFile());
        assertThat(target.resolve(".ci/run")).isExecutable();
        assertThat(target.resolve("pom.xml"))
                .content()
                .contains("<artifactId>order-desk</artifactId>", "<kappa-mesh.version>1.2.3</kappa-mesh.version>")
                .contains("org.example.orderdesk.OrderDeskApplication")
                .doesNotContain("<repositories>");
        assertThat(target.resolve("src/main/java/org/example/orderdesk/OrderDeskPorts.java"))
                .content()
                .contains("\"order-desk.daily-totals.v1\"");
        assertThat(compiled(target)).isEmpty();
    }

    @Test
    void repositoryIsNamedInThePomWhenAskedFor() throws IOException {
        DomainProject project =
                new DomainProject("billing", "org.example.billing", Optional.of("file:///srv/maven"), "1.2.3");

        assertThat(project.problems(directory.resolve("new"))).isEmpty();
        assertThat(new DomainTemplates(project).files().get("pom.xml")).contains("<url>file:///srv/maven</url>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Billing", "1st", "a_b", "a--b", "a-", "../up", "b\u00e4r", "a b", "a.b"})
    void nameThatIsNoDomainIsRefusedWithAnExample(String name) {
        assertThat(project(name, "org.example.x").problems(directory.resolve("new")))
                .singleElement()
                .asString()
                .contains("domain name '" + name + "'", "such as billing or order-desk");
    }

    @Test
    void nameThatIsAWordOfJavaNeedsAPackage() {
        assertThat(project("new", "org.example.new").problems(directory.resolve("new")))
                .singleElement()
                .asString()
                .contains("package 'org.example.new'", "--package");
        assertThat(project("new", "org.example.news").problems(directory.resolve("new")))
                .isEmpty();
    }

    @Test
    void directoryWithSomethingInItIsLeftAlone() throws IOException {
        Files.writeString(directory.resolve("mine.txt"), "mine");

        assertThat(project("billing", "org.example.billing").problems(directory))
                .singleElement()
                .asString()
                .contains("directory " + directory, "--dir");
    }

    private static DomainProject project(String name, String packageName) {
        return new DomainProject(name, packageName, Optional.empty(), "1.2.3");
    }

    /** What the compiler has to say about everything, tests and generated classes included. */
    private String compiled(Path target) throws IOException {
        Path generated = directory.resolve("generated");
        try (Stream<Path> contracts = Files.list(target.resolve("src/main/avro"))) {
            for (Path contract : contracts.toList()) {
                SpecificCompiler compiler = new SpecificCompiler(new Schema.Parser().parse(contract.toFile()));
                compiler.setStringType(StringType.String);
                compiler.setEnableDecimalLogicalType(true);
                compiler.compileToDestination(contract.toFile(), generated.toFile());
            }
        }
        List<File> sources = new ArrayList<>();
        for (Path root : List.of(generated, target.resolve("src"))) {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .map(Path::toFile)
                        .forEach(sources::add);
            }
        }
        assertThat(sources).hasSizeGreaterThan(7);
        StringWriter said = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none",
                    "-nowarn",
                    "-classpath",
                    System.getProperty("java.class.path"),
                    "-d",
                    Files.createDirectories(directory.resolve("classes")).toString());
            boolean done = compiler.getTask(
                            said, files, null, options, null, files.getJavaFileObjectsFromFiles(sources))
                    .call();
            return done ? "" : said.toString();
        }
    }
}
