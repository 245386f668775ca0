package org.mssbridge.discover;

import java.nio.file.Path;
import org.mssbridge.casefile.FingerprintedCaptures;

/**
 * A capture that may share connections with others.
 *
 * @param file one of the files with this content
 * @param content when it was taken, and what it holds
 */
public record SeenCapture(Path file, FingerprintedCaptures.Capture content) {}
