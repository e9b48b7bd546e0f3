package dev.barewire.tools.demo;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.SegmentList;
import dev.barewire.tools.demo.transfer.FileShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Writes the file out of the receive buffers: the kernel gathers it from there, no byte is copied in this process. */
final class KeptFile {
    /** How many ranges the kernel takes at once. */
    private static final int GATHER = 1024;

    private KeptFile() {
    }

    /**
     * Writes the file. A share over 9p would take a message for every range, so the ranges are gathered in a
     * file system of the machine's own first; the kernel brings them to the share in large pieces.
     */
    static void write(FileKeeper keeper, FileShape shape, Path target) throws IOException {
        Path gathered = Path.of(System.getProperty("java.io.tmpdir"), "barewire-" + target.getFileName());
        try (FileChannel near = FileChannel.open(gathered, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
                FileChannel far = FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            gather(keeper, shape, near);
            for (long done = 0; done < shape.fileBytes();) {
                done += near.transferTo(done, shape.fileBytes() - done, far);
            }
        }
    }

    private static void gather(FileKeeper keeper, FileShape shape, FileChannel file) throws IOException {
        List<ByteBuffer> ranges = new ArrayList<>(GATHER);
        for (int chunk = 0; chunk < shape.count(); chunk++) {
            addRanges(keeper, chunk, shape.length(chunk), ranges);
            if (ranges.size() >= GATHER || chunk == shape.count() - 1) {
                write(file, ranges);
                ranges.clear();
            }
        }
    }

    private static void addRanges(FileKeeper keeper, int chunk, int length, List<ByteBuffer> ranges) {
        SegmentList kept = keeper.kept();
        int from = keeper.skip(chunk);
        int left = length;
        int end = keeper.firstSegment(chunk) + keeper.segments(chunk);
        for (int i = keeper.firstSegment(chunk); i < end && left > 0; i++) {
            int bytes = Math.min(left, kept.length(i) - from);
            Buffer buffer = kept.buffer(i);
            ranges.add(buffer.memory().asSegment(buffer.base() + kept.offset(i) + from, bytes).asByteBuffer());
            left -= bytes;
            from = 0;
        }
    }

    private static void write(FileChannel file, List<ByteBuffer> ranges) throws IOException {
        ByteBuffer[] buffers = ranges.toArray(ByteBuffer[]::new);
        int first = 0;
        while (first < buffers.length) {
            file.write(buffers, first, buffers.length - first);
            while (first < buffers.length && !buffers[first].hasRemaining()) {
                first++;
            }
        }
    }
}
