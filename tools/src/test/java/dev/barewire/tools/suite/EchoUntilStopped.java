package dev.barewire.tools.suite;

import dev.barewire.InterruptIdleStrategy;
import dev.barewire.Nic;
import dev.barewire.NicAgent;
import dev.barewire.NicConfig;
import dev.barewire.NicCounters;
import dev.barewire.Packet;
import dev.barewire.TxQueue;
import org.agrona.concurrent.AgentRunner;

/** A program as an application would write it: sends back what comes until it is told to stop. */
final class EchoUntilStopped {
    private EchoUntilStopped() {
    }

    public static void main(String[] args) throws InterruptedException {
        Nic nic = CardUnderTest.open(NicConfig.defaults().promiscuous(true));
        AgentRunner runner = new AgentRunner(new InterruptIdleStrategy(nic.rx(0), 100, 100), Throwable::printStackTrace, null,
            new NicAgent(nic, 0, EchoUntilStopped::echo));
        Thread thread = AgentRunner.startOnThread(runner);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            runner.close();
            nic.close();
            System.out.println("sent " + nic.counters().get(NicCounters.Name.TX_FRAMES));
            System.out.println("outstanding " + nic.buffersOutstanding());
        }));
        System.out.println("echoing");
        thread.join();
    }

    private static int echo(Packet[] burst, int count, TxQueue tx) {
        int sent = tx.send(burst, count);
        for (int i = sent; i < count; i++) {
            burst[i].release();
        }
        return 0;
    }
}
