package org.mssbridge.discover;

import java.nio.file.Path;

/**
 * A file that is in no path, and why.
 *
 * @param isBroken whether it is a capture, as far as its name or content says, that could not be
 *     read
 */
public record LeftOver(Path file, String reason, boolean isBroken) {}
