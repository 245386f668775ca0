package org.mssbridge.script;

import java.util.List;

/**
 * A frame at a capture point.
 *
 * @param label the packet's label in the script, or null
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ScriptSighting(
    ScriptPoint point, long trueNanos, byte[] frame, List<byte[]> comments, String label) {}
