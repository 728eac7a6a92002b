package io.kappamesh.document;

import java.util.Arrays;
import java.util.List;
import io.kappamesh.catalog.RecordDescription;
import java.lang.reflect.RecordComponent;

/** The names of what a description of records has. Stateless. */
final class RecordFields {
    /** All of them. */
    static final List<String> OWN = Arrays.stream(RecordDescription.class.getRecordComponents())
            .map(RecordComponent::getName)
            .toList();

    private RecordFields() {}
}
