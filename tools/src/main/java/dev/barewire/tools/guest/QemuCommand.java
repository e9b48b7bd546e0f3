package dev.barewire.tools.guest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** QEMU's command line for one guest. */
final class QemuCommand {
    /** The virtio-serial ports, in the order of their numbers, from 1; the init script knows the same order. */
    static final List<String> PORTS = List.of("control", "stdout", "stderr", "dmesg");
    static final String MANAGEMENT_MAC = "52:54:00:ba:5e:01";
    static final String MANAGEMENT_NET = "10.9.9.0/24";

    private final List<String> arguments = new ArrayList<>();

    private QemuCommand(String qemu) {
        arguments.add(qemu);
    }

    /**
     * Puts the command line together.
     *
     * @param prerequisites where QEMU and the kernel are
     * @param config what the guest consists of
     * @param accelerator what runs its processor
     * @param folder the run's own folder: {@code initrd} and a socket for each port are in it
     * @param console the file for the kernel's console
     * @return the program and its arguments
     */
    static List<String> of(Prerequisites prerequisites, GuestConfig config, Accelerator accelerator, Path folder,
                           Path console) {
        QemuCommand command = new QemuCommand(prerequisites.qemu().toString());
        command.machine(config, accelerator, console);
        command.add("-kernel", prerequisites.kernel().image().toString());
        command.add("-initrd", folder.resolve("initrd").toString());
        command.add("-append", kernelArguments(config));
        // Cards come first: their slots are given, the other devices take what is left.
        config.cards.forEach(command::card);
        command.arguments.addAll(config.qemuArguments);
        command.share("host", Path.of("/"), ",readonly=on");
        if (config.work != null) {
            command.share("work", config.work, "");
        }
        command.ports(folder);
        if (config.management) {
            command.add("-netdev", "user,id=management,net=" + MANAGEMENT_NET);
            command.add("-device", "virtio-net-pci,netdev=management,mac=" + MANAGEMENT_MAC);
        }
        return command.arguments;
    }

    private void machine(GuestConfig config, Accelerator accelerator, Path console) {
        add("-nodefaults", "-display", "none", "-no-reboot");
        add("-M", "q35,kernel-irqchip=split", "-cpu", "max", "-accel", accelerator.option());
        add("-smp", Integer.toString(config.processors), "-m", Integer.toString(config.memoryMegabytes));
        add("-device", "intel-iommu,intremap=on,caching-mode=on");
        add("-serial", "file:" + escaped(console));
    }

    private static String kernelArguments(GuestConfig config) {
        // The kernel counts timer ticks against a calibrated delay loop and panics when they do not come in time, which
        // happens to a translated guest on a busy machine.
        String arguments = "console=ttyS0 panic=-1 no_timer_check intel_iommu=" + (config.iommu ? "on" : "off")
                + " hugepages=" + config.hugePages + " " + config.kernelArguments;
        return arguments.strip();
    }

    private void card(Card card) {
        add("-netdev", card.netdev() + ",id=" + card.netdevId());
        boolean behindPort = card.bus() != 0;
        if (behindPort) {
            add("-device", "pcie-root-port,id=%s,chassis=%d,bus=pcie.0,addr=%x".formatted(card.portId(), card.slot(),
                    card.slot()));
        }
        add("-device", "%s,id=%s,netdev=%s,mac=%s,bus=%s,addr=%x".formatted(device(card), card.deviceId(), card.netdevId(),
                card.mac(), behindPort ? card.portId() : "pcie.0", behindPort ? 0 : card.slot()));
    }

    /** A virtio device asks the IOMMU only when told to (VIRTIO 6, ACCESS_PLATFORM), and only without its older self. */
    private static String device(Card card) {
        return card.model() + (card.model().startsWith("virtio-net") ? ",disable-legacy=on,iommu_platform=on" : "");
    }

    private void share(String tag, Path folder, String rights) {
        add("-fsdev", "local,id=" + tag + ",path=" + escaped(folder) + ",security_model=none,multidevs=remap" + rights);
        add("-device", "virtio-9p-pci,fsdev=" + tag + ",mount_tag=" + tag);
    }

    private void ports(Path folder) {
        add("-device", "virtio-serial-pci");
        for (int i = 0; i < PORTS.size(); i++) {
            String name = PORTS.get(i);
            add("-chardev", "socket,id=" + name + ",path=" + escaped(folder.resolve(name)));
            add("-device", "virtserialport,nr=" + (i + 1) + ",chardev=" + name + ",name=" + name);
        }
    }

    private static String escaped(Path path) {
        return path.toString().replace(",", ",,");
    }

    private void add(String... more) {
        arguments.addAll(List.of(more));
    }
}
