/**
 * Reads and writes captures as files: pcap, pcapng and gzip, once for all who need them.
 *
 * <p>The sieve, the annotator and the merger walk a capture with the same reader. What it does
 * about a file that is not built as its format's description has it is a {@link
 * org.mssbridge.capturefile.Strictness} that its caller gives: the sieve refuses such a file, the
 * others read on as tshark does. A block counts as a frame, an option counts or is ignored, and
 * damage ends a file, where that is so in tshark; so frame numbers here are tshark's. The
 * descriptions are draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng.
 *
 * <p>Reading makes no object for each record, and holds a block of up to 16 MiB. Lengths come from
 * the file and may be hostile: none is used before it is checked against what is there. Inputs are
 * never written to; an output appears whole or not at all (see {@code output}).
 *
 * <p>{@link org.mssbridge.capturefile.CaptureRecords} is the door for who reads: a cursor over the
 * records of either format ({@code PcapRecords}, {@code PcapngRecords}). {@link
 * org.mssbridge.capturefile.AnnotatedCapture} and {@link org.mssbridge.capturefile.MergedCapture}
 * write. {@link org.mssbridge.capturefile.CaptureFile} and {@link
 * org.mssbridge.capturefile.DigestedCapture} answer for the file itself. Each part of the formats
 * has one place: {@code Magic}, {@code CaptureCompression}, {@code PcapHeader}, {@code BlockType},
 * {@code OptionList}, {@code OptionCode}, {@code InterfaceDescription}, {@code TimeResolution}.
 */
package org.mssbridge.capturefile;
