/**
 * The settings of a process: read, judged all at once, and never printed with a secret.
 *
 * <p>Reading order: {@link Settings} is the result. {@code SettingsReader} judges what was given ({@code GivenSettings}) against
 * {@code SettingKeys} and {@code StreamsKeys}; {@code KafkaSecurity} and {@code KafkaClientConfigs} try what Kafka's clients would
 * refuse only later. {@code Redaction} decides what of a value a message may show.
 */
@NullMarked
package io.kappamesh.settings;

import org.jspecify.annotations.NullMarked;
