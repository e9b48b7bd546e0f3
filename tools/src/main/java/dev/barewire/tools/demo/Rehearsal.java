package dev.barewire.tools.demo;

import dev.barewire.Nic;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.IommuDomain;
import dev.barewire.dma.IommuMapper;
import dev.barewire.dma.IovaRange;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.SegmentList;
import dev.barewire.dma.posix.Posix;
import dev.barewire.fallback.FrameHeaders;
import dev.barewire.fallback.FrameParser;
import dev.barewire.fallback.InternetChecksum;
import dev.barewire.profiles.Profiles;
import dev.barewire.tools.frames.FrameWriter;
import dev.barewire.tools.frames.Octets;
import dev.barewire.tools.frames.Station;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/**
 * Loads on the host, without a card, what {@link CardProgram} loads, so that an archive of those classes can be made. What it does
 * has no other effect; what it leaves out is loaded all the same, only slower.
 */
public final class Rehearsal {
    private static final Pattern PROGRAMS_OWN = Pattern.compile("dev/barewire/(?!tools/|testkit/)(.*/)?[^/]+\\.class"
            + "|dev/barewire/testkit/(model|rules|wire)/.*\\.class|dev/barewire/tools/(demo|frames|qemu)/.*\\.class|org/agrona/concurrent/(status/)?[^/]+\\.class");
    private static final String NO_SUCH_CARD = "vfio:ffff:ff:1f.7";

    private Rehearsal() {
    }

    /**
     * Runs on the host.
     *
     * @param arguments none
     * @throws IOException if the program is not a jar file
     * @throws ReflectiveOperationException if the jar file is broken
     */
    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        loadOwnClasses();
        Profiles.builtIn().all();
        Posix.geteuid();
        handleFrames();
        try {
            Nic.open(NO_SUCH_CARD).close();
        } catch (RuntimeException refused) {
            new Report(new PrintStream(PrintStream.nullOutputStream())).put(Report.FAILURE, refused);
        }
    }

    private static void loadOwnClasses() throws IOException, ReflectiveOperationException {
        Path program = Path.of(Rehearsal.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        try (JarFile jar = new JarFile(program.toFile())) {
            for (String name : jar.stream().map(Object::toString).filter(PROGRAMS_OWN.asMatchPredicate()).toList()) {
                String className = name.substring(0, name.length() - ".class".length()).replace('/', '.');
                if (!className.endsWith("-info")) {
                    Class.forName(className, false, Rehearsal.class.getClassLoader());
                }
            }
        }
    }

    /** Writes and reads a frame in memory that no card reaches. */
    private static void handleFrames() {
        try (IommuDomain domain = new IommuDomain(new NoIommu(), List.of(new IovaRange(0, 0xffff_ffffL)));
                BufferPool pool = new BufferPool("rehearsal", domain, MemoryKind.ANONYMOUS, 128, 2)) {
            Buffer buffer = pool.take();
            SegmentList frame = new SegmentList(2);
            frame.append(buffer, 0, FrameWriter.ECHO_PAYLOAD);
            Station station = new Station(1, 1, 1);
            FrameWriter.echoRequest(new Octets.OfFrame().wrap(frame), station, station, 1, 1, 0);
            FrameHeaders headers = new FrameHeaders();
            new FrameParser().parse(frame, headers);
            InternetChecksum.best().verifyIp(frame, headers);
            frame.release();
        }
        new AllocationMeter().start(0);
    }

    private static final class NoIommu implements IommuMapper {
        @Override
        public void map(MappedMemory memory, long iova, long bytes, DmaAccess access) {
            // There is no card to tell of it.
        }

        @Override
        public void unmap(long iova, long bytes) {
            // There is no card to tell of it.
        }
    }
}
