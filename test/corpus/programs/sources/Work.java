// SPDX-License-Identifier: MIT
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

public class Work {
  public static void main(String[] arguments) throws Exception {
    hashes();
    unixSocket();
    child();
    var late = CompletableFuture.supplyAsync(() -> 6 * 7, CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
    System.out.println("timer " + late.get());
  }

  private static void hashes() throws Exception {
    var pool = Executors.newFixedThreadPool(6);
    List<Future<String>> all = new ArrayList<>();
    for (int n = 0; n < 24; n++) {
      int number = n;
      all.add(pool.submit(() -> hashOf(number)));
    }
    var sum = MessageDigest.getInstance("SHA-256");
    for (var each : all) sum.update(each.get().getBytes());
    pool.shutdown();
    System.out.println("hashes " + HexFormat.of().formatHex(sum.digest()));
  }

  private static String hashOf(int number) throws Exception {
    Path file = Path.of("file" + number);
    byte[] data = new byte[100_000];
    for (int n = 0; n < data.length; n++) data[n] = (byte) (n * number);
    Files.write(file, data);
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  private static void unixSocket() throws Exception {
    var address = UnixDomainSocketAddress.of("java.socket");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX); var selector = Selector.open()) {
      server.bind(address);
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
      var client = CompletableFuture.runAsync(() -> {
        try (var socket = SocketChannel.open(address)) {
          socket.write(ByteBuffer.wrap("over a Unix socket".getBytes()));
        } catch (Exception error) {
          throw new IllegalStateException(error);
        }
      });
      while (selector.select(10_000) == 0) client.get();
      try (var peer = server.accept()) {
        client.get();
        var buffer = ByteBuffer.allocate(100);
        peer.configureBlocking(true);
        while (peer.read(buffer) >= 0) {}
        System.out.println("socket " + new String(buffer.array(), 0, buffer.position()));
      }
    }
  }

  private static void child() throws Exception {
    var child = new ProcessBuilder("sh", "-c", "cat; exit 3").start();
    try (var input = child.getOutputStream()) {
      input.write("through a child".getBytes());
    }
    System.out.println("child " + new String(child.getInputStream().readAllBytes()) + " " + child.waitFor());
  }
}
