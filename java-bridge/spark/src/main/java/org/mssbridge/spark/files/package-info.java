/**
 * Hadoop's file systems as those of {@code java.nio}, to read captures and manifests where they
 * are.
 *
 * <p>{@link org.mssbridge.spark.files.Places} is the entry point: it makes paths of names. What is
 * on the default file system stays an ordinary path.
 */
package org.mssbridge.spark.files;
