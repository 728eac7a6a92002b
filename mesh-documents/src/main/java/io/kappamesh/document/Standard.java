package io.kappamesh.document;

/** An open standard in which data products are described. */
public enum Standard {
    /** Open Data Contract Standard 3.1.0, by Bitol: a document for each published port. */
    ODCS("odcs.yaml"),
    /** Open Data Product Standard 1.0.0, by Bitol: a document for each product, which names the contracts of its ports. */
    ODPS("odps.yaml"),
    /** AsyncAPI 3.0.0 with the Kafka binding 0.5.0: a document for each product. */
    ASYNCAPI("asyncapi.yaml"),
    /** Entities of a Backstage catalogue: a document for each product, with its ports as APIs. */
    BACKSTAGE("catalog-info.yaml");

    private final String ending;

    Standard(String ending) {
        this.ending = ending;
    }

    String fileOf(String subject) {
        return subject + "." + ending;
    }
}
