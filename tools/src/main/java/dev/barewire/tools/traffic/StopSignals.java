package dev.barewire.tools.traffic;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes SIGINT and SIGTERM end a run as its own end would, summary and exit code included; all runs of this JVM, which share
 * the signals from the first one's beginning to the last one's end. The second signal kills, as without this. By reflection:
 * {@code sun.misc.Signal} is exported by jdk.unsupported, but javac's warning of it cannot be silenced.
 */
final class StopSignals implements AutoCloseable {
    /** The runs that signals end; guards itself and the restorers. */
    private static final Set<StopSignals> RUNNING = new HashSet<>();
    private static final List<Runnable> RESTORERS = new ArrayList<>();

    private final AtomicBoolean stopped = new AtomicBoolean();

    StopSignals() {
        synchronized (RUNNING) {
            if (RUNNING.isEmpty()) {
                install("INT");
                install("TERM");
            }
            RUNNING.add(this);
        }
    }

    /** A JVM that keeps signals to itself (-Xrs) is ended by them, as ever. */
    private static void install(final String name) {
        try {
            final Class<?> type = Class.forName("sun.misc.Signal");
            final Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            final Object signal = type.getConstructor(String.class).newInstance(name);
            final Object handler = Proxy.newProxyInstance(handlerType.getClassLoader(), new Class<?>[] {handlerType},
                (self, method, arguments) -> switch (method.getName()) {
                    case "handle" -> {
                        stopAll();
                        yield null;
                    }
                    case "equals" -> self == arguments[0];
                    case "hashCode" -> System.identityHashCode(self);
                    default -> "stop";
                });
            final Object before = type.getMethod("handle", type, handlerType).invoke(null, signal, handler);
            RESTORERS.add(() -> restore(type, handlerType, signal, before));
        } catch (final InvocationTargetException taken) {
            return;
        } catch (final ReflectiveOperationException absent) {
            throw new AssertionError(absent);
        }
    }

    private static void restore(final Class<?> type, final Class<?> handlerType, final Object signal, final Object before) {
        try {
            type.getMethod("handle", type, handlerType).invoke(null, signal, before);
        } catch (final ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** What a signal does. */
    static void stopAll() {
        synchronized (RUNNING) {
            for (final StopSignals run : List.copyOf(RUNNING)) {
                run.stopped.setRelease(true);
                run.close();
            }
        }
    }

    boolean isStopped() {
        return stopped.getAcquire();
    }

    /** Gives the signals back, if no other run wants them. */
    @Override
    public void close() {
        synchronized (RUNNING) {
            if (RUNNING.remove(this) && RUNNING.isEmpty()) {
                RESTORERS.forEach(Runnable::run);
                RESTORERS.clear();
            }
        }
    }
}
