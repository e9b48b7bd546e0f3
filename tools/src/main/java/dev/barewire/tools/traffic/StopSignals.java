package dev.barewire.tools.traffic;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes SIGINT and SIGTERM end a run as its own end would, summary and exit code included. The second one kills, as without
 * this. By reflection: {@code sun.misc.Signal} is exported by jdk.unsupported, but javac's warning of it cannot be silenced.
 */
final class StopSignals implements AutoCloseable {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Runnable> restorers = new ArrayList<>();

    StopSignals() {
        for (final String name : List.of("INT", "TERM")) {
            install(name);
        }
    }

    /** A JVM that keeps signals to itself (-Xrs) is ended by them, as ever. */
    private void install(final String name) {
        try {
            final Class<?> type = Class.forName("sun.misc.Signal");
            final Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            final Object signal = type.getConstructor(String.class).newInstance(name);
            final Object handler = Proxy.newProxyInstance(handlerType.getClassLoader(), new Class<?>[] {handlerType},
                (self, method, arguments) -> switch (method.getName()) {
                    case "handle" -> {
                        stop();
                        yield null;
                    }
                    case "equals" -> self == arguments[0];
                    case "hashCode" -> System.identityHashCode(self);
                    default -> "stop";
                });
            final Object before = type.getMethod("handle", type, handlerType).invoke(null, signal, handler);
            restorers.add(() -> restore(type, handlerType, signal, before));
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

    void stop() {
        stopped.setRelease(true);
        close();
    }

    boolean isStopped() {
        return stopped.getAcquire();
    }

    /** Gives the signals back. */
    @Override
    public void close() {
        synchronized (restorers) {
            restorers.forEach(Runnable::run);
            restorers.clear();
        }
    }
}
