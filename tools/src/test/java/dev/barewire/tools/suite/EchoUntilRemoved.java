package dev.barewire.tools.suite;

import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.NicCounters.Name;
import dev.barewire.NicState;
import dev.barewire.Packet;
import dev.barewire.SetupException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** A program as an application would write it: sends back what comes, and gives a card back when its kernel wants it. */
final class EchoUntilRemoved {
    private static final int BURST = 64;

    private EchoUntilRemoved() {
    }

    public static void main(String[] devices) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(devices.length)) {
            List<? extends Future<?>> drives = Stream.of(devices).map(device -> threads.submit(() -> drive(device))).toList();
            for (Future<?> drive : drives) {
                drive.get();
            }
        }
    }

    private static void drive(String device) {
        Nic nic = Nic.open(device, NicConfig.defaults().promiscuous(true));
        System.out.println(device + " echoes");
        Packet[] burst = new Packet[BURST];
        while (nic.state() == NicState.RUNNING) {
            // Without a limit: a card that hears nothing must be told of all the same.
            nic.rx(0).await(-1);
            int received = nic.rx(0).poll(burst);
            for (int i = nic.tx(0).send(burst, received); i < received; i++) {
                burst[i].release();
            }
        }
        System.out.println(device + " " + nic.state());
        try {
            nic.close();
        } catch (SetupException silent) {
            System.out.println(silent.getMessage().lines().findFirst().orElseThrow());
        }
        System.out.println(device + " " + nic.state() + " lost " + nic.counters().get(Name.DEVICE_LOST) + " sent "
            + nic.counters().get(Name.TX_FRAMES) + " outstanding " + nic.buffersOutstanding());
    }
}
