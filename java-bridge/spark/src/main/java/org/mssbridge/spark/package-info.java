/**
 * The program on Apache Spark, for more captures than one machine reads: what a task does is what
 * the program does, and this package only decides which task does what, and where its rows go.
 *
 * <p>{@link org.mssbridge.spark.Main} is the entry point, for {@code spark-submit} and for the
 * archive that carries Spark. {@link org.mssbridge.spark.Session} starts Spark.
 */
package org.mssbridge.spark;
