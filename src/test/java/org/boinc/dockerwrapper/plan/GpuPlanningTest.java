package org.boinc.dockerwrapper.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.boinc.dockerwrapper.boinc.HostGrant;
import org.boinc.dockerwrapper.plan.EngineFacts.Product;
import org.boinc.dockerwrapper.plan.HostDevices.Node;
import org.boinc.dockerwrapper.plan.HostDevices.RenderNode;
import org.junit.jupiter.api.Test;

/** The GPU that the client assigned, and no other. */
class GpuPlanningTest {
  private static final Node KFD = new Node(Path.of("/dev/kfd"), OptionalLong.of(44));
  private static final Node DXG = new Node(Path.of("/dev/dxg"), OptionalLong.empty());

  /** Intel's on the board, and two cards of AMD. */
  private static final HostDevices THREE =
      new HostDevices(
          Set.of(),
          List.of(render(128, 0x8086), render(129, 0x1002), render(130, 0x1002)),
          Optional.of(KFD),
          Optional.empty());

  private static RenderNode render(int number, int vendor) {
    return new RenderNode(
        new Node(Path.of("/dev/dri/renderD" + number), OptionalLong.of(number)), vendor);
  }

  private static HostDevices cdi(String... names) {
    return new HostDevices(Set.of(names), List.of(), Optional.empty(), Optional.empty());
  }

  private static PlanCase job(String... lines) {
    List<String> all = new java.util.ArrayList<>(List.of("gpu.enabled = true"));
    all.addAll(List.of(lines));
    return PlanCase.of(all.toArray(String[]::new));
  }

  private static GpuAssignment gpu(PlanCase planned) {
    return planned.plan().container().gpu().orElseThrow();
  }

  private static GpuAssignment nodes(List<String> paths, Long... groups) {
    return new GpuAssignment.ByNodes(paths.stream().map(Path::of).toList(), List.of(groups));
  }

  @Test
  void c41OnDockerOnlyTheAssignedGpuIsGiven() {
    assertEquals(
        new GpuAssignment.ByToolkit(List.of("1"), List.of("compute", "utility")),
        gpu(job().gpu("NVIDIA", 1)));
    assertEquals(
        new GpuAssignment.ByToolkit(List.of("0"), List.of("video")),
        gpu(job("gpu.capabilities = [\"video\"]").gpu("NVIDIA", 0)));
  }

  @Test
  void anEngineThatKnowsCdiIsGivenTheName() {
    HostDevices two = cdi("nvidia.com/gpu=0", "nvidia.com/gpu=1", "nvidia.com/gpu=all");
    GpuAssignment second = new GpuAssignment.ByCdi(List.of("nvidia.com/gpu=1"));
    PlanCase job = job().gpu("NVIDIA", 1).devices(two);
    assertEquals(second, gpu(job.engine(Product.DOCKER, "28.2", true)));
    assertEquals(second, gpu(job.engine(Product.PODMAN, "4.3.1", true)));
    assertEquals(
        new GpuAssignment.ByToolkit(List.of("1"), List.of("compute", "utility")),
        gpu(job.engine(Product.DOCKER, "20.10", false)));
  }

  @Test
  void podmanWithoutTheNameRefusesWithTheCure() {
    PlanCase job = job().gpu("NVIDIA", 2).devices(cdi("nvidia.com/gpu=0", "nvidia.com/gpu=all"));
    String refusal = job.engine(Product.PODMAN, "5.4.2", true).refusal();
    assertTrue(refusal.contains("names nvidia.com/gpu=2; run nvidia-ctk cdi generate"), refusal);
    assertEquals(
        "gpu: Podman 3.4.4 can't give GPUs; version 4.1 or later can",
        job.engine(Product.PODMAN, "3.4.4", false).refusal());
  }

  @Test
  void insideWindowsThereIsOneNameForAllGpus() {
    HostDevices wsl =
        new HostDevices(
            Set.of("nvidia.com/gpu=all"), List.of(), Optional.empty(), Optional.of(DXG));
    assertEquals(
        new GpuAssignment.ByCdi(List.of("nvidia.com/gpu=all")),
        gpu(job().gpu("NVIDIA", 0).devices(wsl).engine(Product.PODMAN, "4.9", true)));
    assertEquals(nodes(List.of("/dev/dxg")), gpu(job().gpu("intel_gpu", 0).devices(wsl)));
  }

  @Test
  void amdsGpuIsItsRenderNodeAndTheOneForComputing() {
    assertEquals(
        nodes(List.of("/dev/kfd", "/dev/dri/renderD130"), 44L, 130L),
        gpu(job().gpu("ATI", 1).devices(THREE)));
  }

  @Test
  void intelsGpuIsItsRenderNode() {
    assertEquals(
        nodes(List.of("/dev/dri/renderD128"), 128L),
        gpu(job("gpu.vendor = \"intel\"").gpu("intel_gpu", 0).devices(THREE)));
  }

  @Test
  void partOfAGpuIsTheWholeDevice() {
    HostGrant half =
        new HostGrant(1, 0, 0, Optional.of(new HostGrant.GpuGrant("NVIDIA", 1, -1, 0.5)), 1);
    assertEquals(
        new GpuAssignment.ByToolkit(List.of("1"), List.of("compute", "utility")),
        gpu(job().granted(half)));
  }

  private static HostGrant instances(String type, int first, double usage) {
    return new HostGrant(1, 0, 0, Optional.of(new HostGrant.GpuGrant(type, first, -1, usage)), 1);
  }

  @Test
  void severalGpusAreThoseThatTheClientNamesAtTheEndOfTheCommandLine() {
    PlanCase job =
        job("gpu.count = 2")
            .granted(instances("NVIDIA", 1, 2))
            .arguments("--device", "7", "--device", "1", "--device", "3");
    assertEquals(
        new GpuAssignment.ByToolkit(List.of("1", "3"), List.of("compute", "utility")), gpu(job));
    assertEquals(
        new GpuAssignment.ByCdi(List.of("nvidia.com/gpu=1", "nvidia.com/gpu=3")),
        gpu(
            job.devices(cdi("nvidia.com/gpu=0", "nvidia.com/gpu=1", "nvidia.com/gpu=3"))
                .engine(Product.PODMAN, "4.3.1", true)));
    assertEquals(
        nodes(List.of("/dev/kfd", "/dev/dri/renderD129", "/dev/dri/renderD130"), 44L, 129L, 130L),
        gpu(
            job("gpu.count = 2")
                .granted(instances("ATI", 0, 2))
                .arguments("--device", "0", "--device", "1")
                .devices(THREE)));
  }

  @Test
  void aCommandLineThatDoesNotFitToTheGrantNamesNoDevice() {
    GpuAssignment first = new GpuAssignment.ByToolkit(List.of("1"), List.of("compute", "utility"));
    assertEquals(first, gpu(job().gpu("NVIDIA", 1).arguments("--device", "3")));
    HostGrant two = instances("NVIDIA", 1, 2);
    assertEquals(first, gpu(job().granted(two).arguments("--device", "3", "--device", "1")));
    assertEquals(first, gpu(job().granted(two).arguments("--device", "1", "--device", "1")));
    assertEquals(first, gpu(job().granted(two).arguments("--device", "1", "--device", "-3")));
    assertEquals(first, gpu(job().granted(two).arguments("--device", "1", "x")));
  }

  @Test
  void withConsentEveryGpuIsGiven() {
    PlanCase job =
        PlanCase.of("gpu.enabled = true", "security.all_gpus = true")
            .ofAppVersion("job.toml")
            .agreed("all_gpus = true")
            .gpu("NVIDIA", 1);
    assertEquals(new GpuAssignment.ByToolkit(List.of(), List.of("compute", "utility")), gpu(job));
    assertEquals(
        new GpuAssignment.ByCdi(List.of("nvidia.com/gpu=all")),
        gpu(
            job.devices(cdi("nvidia.com/gpu=0", "nvidia.com/gpu=all"))
                .engine(Product.PODMAN, "4.3.1", true)));
    assertEquals(
        nodes(List.of("/dev/kfd", "/dev/dri/renderD129", "/dev/dri/renderD130"), 44L, 129L, 130L),
        gpu(job.gpu("ATI", 0).devices(THREE)));
  }

  @Test
  void aJobDoesNotSayWhichGpusItSees() {
    String all = "container.env = { NVIDIA_VISIBLE_DEVICES = \"all\" }";
    assertEquals("void", PlanCase.of(all).plan().container().env().get("NVIDIA_VISIBLE_DEVICES"));
    assertEquals(
        "1", job(all).gpu("NVIDIA", 1).plan().container().env().get("NVIDIA_VISIBLE_DEVICES"));
  }

  @Test
  void aGpuThatNobodyAskedForIsNotGiven() {
    assertEquals(Optional.empty(), PlanCase.of().gpu("NVIDIA", 1).plan().container().gpu());
  }

  private static void lacks(String sentence, PlanCase job) {
    assertEquals(1, job.refusals().size(), job.refusals()::toString);
    assertEquals(Refusal.Kind.DEVICE, job.refusals().getFirst().kind());
    assertEquals("gpu: " + sentence, job.refusal());
  }

  @Test
  void whatIsMissingIsSaid() {
    lacks("the job needs a GPU and the client assigned none to this result", job());
    lacks(
        "the client did not say which GPU is this result's; update the client",
        job().gpu("NVIDIA", -1));
    lacks(
        "the job needs 2 GPUs (gpu.count) and the client assigned 1",
        job("gpu.count = 2").gpu("NVIDIA", 0));
    lacks(
        "the job needs 2 GPUs (gpu.count), and of the 2 that the client assigned it names the first"
            + " only; it names all to an app version whose api_version is below 7.5",
        job("gpu.count = 2").granted(instances("NVIDIA", 0, 2)));
    lacks(
        "the job needs a GPU of AMD (gpu.vendor) and the client assigned one of NVIDIA; the"
            + " project's plan class must ask for the right one",
        job("gpu.vendor = \"amd\"").gpu("NVIDIA", 0));
    lacks(
        "the client assigned a GPU of type 'apple_gpu'; only those of NVIDIA, AMD (ATI) and Intel"
            + " can be given to a container",
        job().gpu("apple_gpu", 0));
    lacks(
        "the client assigned GPU 2 of AMD, and /dev/dri has 2 render node(s) of that vendor; is"
            + " the driver (amdgpu) loaded?",
        job().gpu("ATI", 2).devices(THREE));
    lacks(
        "the client assigned GPU 0 of INTEL, and /dev/dri has no render node of that vendor; is"
            + " the driver (i915 or xe) loaded?",
        job().gpu("intel_gpu", 0));
    lacks(
        "this host has no /dev/kfd, through which AMD's GPUs compute; is the driver (amdgpu)"
            + " loaded?",
        job()
            .gpu("ATI", 0)
            .devices(
                new HostDevices(
                    Set.of(), List.of(render(128, 0x1002)), Optional.empty(), Optional.empty())));
    lacks(
        "the engine at unix:///x is not on this computer, and only NVIDIA's GPUs can be given"
            + " there",
        job("files.slot = \"\"").gpu("ATI", 0).devices(THREE).files(HostFiles.NONE));
  }
}
