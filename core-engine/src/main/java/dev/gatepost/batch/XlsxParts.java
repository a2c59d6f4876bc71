package dev.gatepost.batch;

import java.io.IOException;
import java.io.InputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The parts of a workbook, held in memory as they came; what they unfold to has bounds (reliability X10). For one thread. */
final class XlsxParts {
    /** Most bytes of a workbook. */
    static final int BYTES_MAX = 32 * 1024 * 1024;

    /** Most bytes that its parts unfold to, together. */
    static final long UNFOLDED_MAX = 256L * 1024 * 1024;

    /** How much larger than the workbook they may be. */
    private static final int RATIO_MAX = 100;

    /** Whatever the ratio: small files fold well. */
    private static final long UNFOLDED_ALWAYS = 1024L * 1024;

    private static final int PARTS_MAX = 10_000;

    private final ZipParts zip;
    private final XMLInputFactory xml;

    XlsxParts(InputStream in) throws IOException {
        var octets = in.readNBytes(BYTES_MAX + 1);
        if (octets.length > BYTES_MAX) {
            throw tooLarge();
        }
        this.xml = XMLInputFactory.newDefaultFactory();
        xml.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        xml.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        xml.setProperty(XMLInputFactory.IS_COALESCING, true);
        try {
            this.zip = new ZipParts(octets);
            requireBounded(Math.min(UNFOLDED_MAX, Math.max(UNFOLDED_ALWAYS, (long) octets.length * RATIO_MAX)));
        } catch (IOException | IllegalArgumentException _) {
            throw unreadable(); // all of it is in memory: it was cut off, or is something else
        }
    }

    /** Unfolds all once; later readings are of what was found to be bounded. */
    private void requireBounded(long max) throws IOException {
        var left = max;
        var piece = new byte[64 * 1024];
        if (zip.names().size() > PARTS_MAX) {
            throw tooLarge();
        }
        for (var name : zip.names()) {
            var part = zip.open(name);
            if (part.isEmpty()) {
                continue;
            }
            try (var in = part.get()) {
                for (var read = in.read(piece); read >= 0; read = in.read(piece)) {
                    left -= read;
                    if (left < 0) {
                        throw tooLarge();
                    }
                }
            }
        }
    }

    /** Reads one part. */
    XMLStreamReader open(String name) throws XMLStreamException {
        return xml.createXMLStreamReader(zip.open(name).orElseThrow(XlsxParts::unreadable));
    }

    static UnusableList unreadable() {
        return UnusableList.malformed(
                "The file is no workbook that can be read; save it as .xlsx without a password, or as CSV.");
    }

    static UnusableList tooLarge() {
        return new UnusableList(
                UnusableList.Kind.TOO_LARGE,
                "",
                "A workbook may have " + BYTES_MAX + " bytes, and " + UNFOLDED_MAX
                        + " unfolded, at most; save it as CSV, or cut it in parts.");
    }
}
