package io.kappamesh.registry;

import io.kappamesh.schema.SchemaRule;

/** What to do where a schema breaks a rule, other than publishing a new major version. Stateless. */
final class SchemaRemedies {
    private SchemaRemedies() {}

    /** Where a new schema cannot read the data of an earlier one. */
    static String ofNewReader(SchemaRule rule) {
        return switch (rule) {
            case FIELD_WITHOUT_DEFAULT -> "give the new field a default";
            case DEFAULT_OF_ANOTHER_TYPE -> "give the field a default of its type";
            case TYPE_RENAMED -> "keep the type's name, or give the old one as an alias";
            case UNION_BRANCH -> "keep the type in the union";
            case ENUM_SYMBOLS -> "keep the symbols, or give the enum a default";
            case ALIAS_AMBIGUOUS -> "drop the alias";
            default -> ofBoth(rule);
        };
    }

    /** Where an earlier schema cannot read new data. */
    static String ofNewData(SchemaRule rule) {
        return switch (rule) {
            case FIELD_WITHOUT_DEFAULT ->
                "keep the field; one can be dropped only if it has had a default from its first version on";
            case DEFAULT_OF_ANOTHER_TYPE -> "keep the field, whose default was never a value of its type";
            case TYPE_RENAMED -> "keep the type's name: readers of earlier versions do not know the new one";
            case UNION_BRANCH -> "leave the new type out of the union, and add a field for it";
            case ENUM_SYMBOLS ->
                "leave the new symbols out; they can be added only if the enum has had a default from its first version on";
            case ALIAS_AMBIGUOUS -> "rename the new field, whose old name is an alias of another one";
            default -> ofBoth(rule);
        };
    }

    private static String ofBoth(SchemaRule rule) {
        return switch (rule) {
            case FIXED_SIZE -> "keep the size, and add a field of the other size beside it";
            case LOGICAL_TYPE_CHANGED -> "keep scale, digits and unit, and add a field of the other type beside it";
            case UNION_OF_ALIKE_TYPES -> "leave one of the two types out of the union";
            default -> "keep the type, and add a field of the other type beside it";
        };
    }
}
