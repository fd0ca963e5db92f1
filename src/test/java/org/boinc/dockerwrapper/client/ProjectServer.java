package org.boinc.dockerwrapper.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** A BOINC project on a port of 127.0.0.1: master page, scheduler, downloads, uploads. */
final class ProjectServer implements AutoCloseable {
  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CodeSigningKey key = CodeSigningKey.generate();
  private final AppVersion version;
  private final Map<String, byte[]> downloads = new ConcurrentHashMap<>();
  private final LinkedBlockingQueue<Workunit> waiting = new LinkedBlockingQueue<>();
  private final Map<String, Report> reports = new ConcurrentHashMap<>();
  private final UploadHandler uploads = new UploadHandler();
  private final List<String> troubles = new CopyOnWriteArrayList<>();

  ProjectServer(AppVersion version) throws IOException {
    this.version = version;
    offer(version.main());
    version.files().forEach(this::offer);
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/", exchange -> answer(exchange, masterPage()));
    http.createContext("/scheduler", exchange -> answer(exchange, schedule(exchange)));
    http.createContext("/download/", this::download);
    http.createContext("/file_upload_handler", exchange -> answer(exchange, upload(exchange)));
    http.start();
  }

  /** The master URL, which ends with a slash. */
  String url() {
    return "http://127.0.0.1:%d/".formatted(http.getAddress().getPort());
  }

  /** The project's directory and label: its URL, as the client escapes it (BOINC lib/url.cpp). */
  String escapedUrl() {
    return "127.0.0.1_" + http.getAddress().getPort();
  }

  /** Goes to the client when it calls the next time, at most some seconds later. */
  void submit(Workunit workunit) {
    workunit.inputs().forEach(this::offer);
    waiting.add(workunit);
  }

  Optional<Report> report(Workunit workunit) {
    return Optional.ofNullable(reports.get(workunit.resultName()));
  }

  Optional<byte[]> uploaded(Workunit.Output output) {
    return uploads.file(output.physicalName());
  }

  /** What the client asked that no project would answer. */
  List<String> troubles() {
    return troubles;
  }

  private void offer(ProjectFile file) {
    downloads.put(file.physicalName(), file.content());
  }

  private byte[] masterPage() {
    return "<html>\n<!--\n<scheduler>%sscheduler</scheduler>\n-->\n</html>\n"
        .formatted(url())
        .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] schedule(HttpExchange exchange) throws IOException {
    SchedulerRequest request =
        SchedulerRequest.parse(
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    SchedulerReply reply = new SchedulerReply(url(), key);
    if (!request.knowsKey()) {
      reply.key();
    }
    for (Report report : request.results()) {
      reports.put(report.resultName(), report);
      reply.acknowledge(report.resultName());
    }
    List<Workunit> work = new ArrayList<>();
    waiting.drainTo(work);
    reply.work(version, work);
    return reply.toString().getBytes(StandardCharsets.UTF_8);
  }

  private byte[] upload(HttpExchange exchange) throws IOException {
    return uploads
        .handle(exchange.getRequestBody().readAllBytes())
        .getBytes(StandardCharsets.UTF_8);
  }

  private void download(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getPath().substring("/download/".length());
    byte[] content = downloads.get(name);
    if (content == null) {
      troubles.add("no such file: " + name);
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
      return;
    }
    answer(exchange, content);
  }

  /** Bytes to send, from a request. */
  private void answer(HttpExchange exchange, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    http.stop(0);
    threads.close();
  }
}
