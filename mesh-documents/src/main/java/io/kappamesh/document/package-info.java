/**
 * Data products as documents of open standards, and back.
 *
 * <p>Reading order: {@link io.kappamesh.document.ProductDocuments} is the door; {@link io.kappamesh.document.Standard} names what it can
 * write. One class has the form of each standard: {@code OdcsContract}, {@code OdpsProduct}, {@code AsyncApi}, {@code BackstageEntities}.
 * {@code Descriptions} turns a description of the catalogue into a tree and back, {@code OdcsFields} says what a schema says of its fields.
 * {@code DocumentText} is YAML and JSON.
 */
@NullMarked
package io.kappamesh.document;

import org.jspecify.annotations.NullMarked;
