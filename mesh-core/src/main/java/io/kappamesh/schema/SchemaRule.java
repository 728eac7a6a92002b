package io.kappamesh.schema;

import io.kappamesh.Internal;
import java.util.Locale;

/** What one schema must keep to, so that data of another can be read with it. */
@Internal
public enum SchemaRule {
    FIELD_WITHOUT_DEFAULT,
    DEFAULT_OF_ANOTHER_TYPE,
    TYPE_CHANGED,
    TYPE_RENAMED,
    UNION_BRANCH,
    UNION_OF_ALIKE_TYPES,
    LOGICAL_TYPE_CHANGED,
    ENUM_SYMBOLS,
    FIXED_SIZE,
    ALIAS_AMBIGUOUS;

    /** Its name in messages and documents, which is stable: {@code field-without-default}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
