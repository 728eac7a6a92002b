/**
 * The products of the demo in PostgreSQL, and the TPC-H queries in SQL.
 *
 * <p>Reading order: {@link io.kappamesh.console.sql.LocalPostgres} is the database, {@link io.kappamesh.console.sql.ProductTables} loads the
 * products into it and checks the tables, and {@link io.kappamesh.console.sql.SqlAnswers} asks.
 */
@NullMarked
package io.kappamesh.console.sql;

import org.jspecify.annotations.NullMarked;
