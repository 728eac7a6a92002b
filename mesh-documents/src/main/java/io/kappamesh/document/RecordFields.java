package io.kappamesh.document;

import io.kappamesh.catalog.RecordDescription;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/** The names of what a description of records has. Stateless. */
final class RecordFields {
    /** All of them. */
    static final List<String> OWN = Arrays.stream(RecordDescription.class.getRecordComponents())
            .map(RecordComponent::getName)
            .toList();

    private RecordFields() {}
}
