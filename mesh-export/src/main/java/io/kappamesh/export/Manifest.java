package io.kappamesh.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** An export in JSON, for whoever reads its files. Stateless. */
final class Manifest {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private Manifest() {}

    static byte[] of(ExportReport report) {
        ObjectNode all = JSON.createObjectNode();
        all.put("port", report.port());
        all.put("format", report.format().name().toLowerCase(Locale.ROOT));
        all.put("schema", PortExport.SCHEMA);
        all.put("contractVersion", report.contractVersion());
        report.generation().ifPresentOrElse(number -> all.put("generation", number), () -> all.putNull("generation"));
        all.put("topicId", report.cut().topicId());
        all.put("cutAt", report.cut().at().toString());
        ObjectNode ends = all.putObject("endOffsets");
        report.cut().ends().forEach((partition, end) -> ends.put(partition.toString(), end));
        all.put("rows", report.counts().rows());
        all.put("writtenAgain", report.counts().writtenAgain());
        all.put("rejected", report.counts().rejected());
        ArrayNode files = all.putArray("files");
        for (ExportedFile file : report.files()) {
            files.addObject()
                    .put("name", file.name())
                    .put("partition", file.partition())
                    .put("rows", file.rows())
                    .put("bytes", file.bytes())
                    .put("sha256", file.sha256());
        }
        try {
            return JSON.writeValueAsBytes(all);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
