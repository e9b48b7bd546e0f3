package dev.barewire.tools.guest;

import java.io.File;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a guest consists of and what it runs. Build one with {@link #command(String...)}. */
public final class GuestConfig {
    final List<String> command;
    final List<Card> cards = new ArrayList<>();
    final List<String> qemuArguments = new ArrayList<>();
    final List<String> modules = new ArrayList<>();
    final Map<String, String> environment = new LinkedHashMap<>();
    int memoryMegabytes = 2048;
    int processors = 1;
    int hugePages;
    String kernelArguments = "";
    boolean iommu = true;
    boolean management;
    Path work;
    Path directory = Path.of("").toAbsolutePath();
    OutputStream stdout = System.out;
    OutputStream stderr = System.err;
    Consumer<String> notices = System.err::println;
    Duration bootLimit = Duration.ofSeconds(60);
    Duration timeLimit = Duration.ofMinutes(5);
    Accelerator accelerator;

    private GuestConfig(List<String> command) {
        this.command = List.copyOf(command);
    }

    /**
     * Starts a configuration.
     *
     * @param command the program, as the guest finds it, and its arguments; absolute paths of the host are valid
     * @return a configuration with 1 processor, 2048 MB, a virtual IOMMU and no card
     */
    public static GuestConfig command(String... command) {
        return command(List.of(command));
    }

    /**
     * Starts a configuration.
     *
     * @param command the program and its arguments
     * @return the configuration
     */
    public static GuestConfig command(List<String> command) {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("the guest needs a command to run");
        }
        return new GuestConfig(command);
    }

    /**
     * Starts a configuration that runs a Java program: with this JVM's own class path, its JDK and those of its options
     * that open modules and native access.
     *
     * @param options further options of the guest's JVM
     * @param main the program's main class
     * @param arguments the program's arguments
     * @return the configuration
     */
    public static GuestConfig java(List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add-") || option.startsWith("--enable-native-access"))
                .forEach(command::add);
        command.addAll(options);
        command.addAll(List.of("-cp", absoluteClassPath(), main.getName()));
        command.addAll(List.of(arguments));
        return command(command);
    }

    private static String absoluteClassPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /**
     * Adds a card.
     *
     * @param card the card
     * @return this
     */
    public GuestConfig card(Card card) {
        cards.add(card);
        return this;
    }

    /**
     * Adds arguments to QEMU's command line.
     *
     * @param arguments the arguments, as QEMU wants them
     * @return this
     */
    public GuestConfig qemu(String... arguments) {
        qemuArguments.addAll(List.of(arguments));
        return this;
    }

    /**
     * Loads further kernel modules, with what they depend on, before cards are bound.
     *
     * @param names the modules' names
     * @return this
     */
    public GuestConfig modules(String... names) {
        modules.addAll(List.of(names));
        return this;
    }

    /**
     * Sets a variable in the command's environment.
     *
     * @param name the variable
     * @param value its value
     * @return this
     */
    public GuestConfig environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /**
     * Sets the size of the memory.
     *
     * @param megabytes the guest's memory in MB
     * @return this
     */
    public GuestConfig memoryMegabytes(int megabytes) {
        this.memoryMegabytes = megabytes;
        return this;
    }

    /**
     * Sets the number of processors. More than one is not safe for a JVM without KVM: QEMU's translator reads an
     * instruction in pieces, so that one processor may see half of what HotSpot, on another, patches into a method's entry
     * (observed on QEMU 10.0 as SIGSEGV or SIGILL at the entry of a method that was just compiled again).
     *
     * @param count the number of virtual processors
     * @return this
     */
    public GuestConfig processors(int count) {
        this.processors = count;
        return this;
    }

    /**
     * Reserves huge pages at boot; hugetlbfs is at {@code /dev/hugepages} in every guest.
     *
     * @param count the number of 2 MB pages
     * @return this
     */
    public GuestConfig hugePages(int count) {
        this.hugePages = count;
        return this;
    }

    /**
     * Adds to the kernel's command line.
     *
     * @param arguments appended to the kernel's command line
     * @return this
     */
    public GuestConfig kernelArguments(String arguments) {
        this.kernelArguments = arguments;
        return this;
    }

    /**
     * Switches the virtual IOMMU.
     *
     * @param on whether the guest's kernel uses the virtual IOMMU; without it only UIO can reach a card
     * @return this
     */
    public GuestConfig iommu(boolean on) {
        this.iommu = on;
        return this;
    }

    /**
     * Adds a virtio network card that the guest's kernel drives, on a subnet of its own, so that the command reaches TCP
     * ports of the host's loopback at {@link Guest#HOST_ADDRESS}.
     *
     * @return this
     */
    public GuestConfig management() {
        this.management = true;
        return this;
    }

    /**
     * Shares a folder of the host read-write; it has the same path in the guest. Everything else that the guest writes is
     * kept in its memory and lost.
     *
     * @param folder the folder, which must exist
     * @return this
     */
    public GuestConfig work(Path folder) {
        this.work = folder.toAbsolutePath();
        return this;
    }

    /**
     * Sets where the command starts.
     *
     * @param folder where the command starts; the host process's own folder if not set
     * @return this
     */
    public GuestConfig directory(Path folder) {
        this.directory = folder.toAbsolutePath();
        return this;
    }

    /**
     * Sets where standard output goes.
     *
     * @param stream where the command's standard output goes, as it comes; it is flushed, never closed
     * @return this
     */
    public GuestConfig stdout(OutputStream stream) {
        this.stdout = Objects.requireNonNull(stream);
        return this;
    }

    /**
     * Sets where standard error goes.
     *
     * @param stream where the command's standard error goes, as it comes; it is flushed, never closed
     * @return this
     */
    public GuestConfig stderr(OutputStream stream) {
        this.stderr = Objects.requireNonNull(stream);
        return this;
    }

    /**
     * Sets who is told what goes on.
     *
     * @param consumer told in one line each what the lab installs, boots and retries; standard error if not set
     * @return this
     */
    public GuestConfig notices(Consumer<String> consumer) {
        this.notices = Objects.requireNonNull(consumer);
        return this;
    }

    /**
     * Limits a boot.
     *
     * @param limit how long one boot may take until the command starts; 60 s if not set
     * @return this
     */
    public GuestConfig bootLimit(Duration limit) {
        this.bootLimit = limit;
        return this;
    }

    /**
     * Limits the command's run.
     *
     * @param limit how long the command may run; 5 minutes if not set
     * @return this
     */
    public GuestConfig timeLimit(Duration limit) {
        this.timeLimit = limit;
        return this;
    }

    /**
     * Forces an accelerator.
     *
     * @param accelerator what runs the guest's processor; found out if not set
     * @return this
     */
    public GuestConfig accelerator(Accelerator accelerator) {
        this.accelerator = accelerator;
        return this;
    }

    /** {@return the modules that the guest loads: the lab's own, the cards' drivers and the further ones} */
    List<String> allModules() {
        List<String> all = new ArrayList<>(List.of("virtio_pci", "virtio_console", "9p", "9pnet_virtio", "overlay"));
        if (management) {
            all.add("virtio_net");
        }
        if (cards.stream().anyMatch(card -> card.driver().equals("vfio-pci"))) {
            all.add("vfio_iommu_type1");
        }
        cards.stream().map(Card::driver).filter(driver -> !driver.isEmpty()).forEach(all::add);
        all.addAll(modules);
        return all.stream().distinct().toList();
    }
}
