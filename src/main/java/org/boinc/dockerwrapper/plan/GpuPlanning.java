package org.boinc.dockerwrapper.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.boinc.HostGrant.GpuGrant;
import org.boinc.dockerwrapper.job.GpuSpec;
import org.boinc.dockerwrapper.job.Origin;
import org.boinc.dockerwrapper.plan.HostDevices.Node;
import org.boinc.dockerwrapper.plan.HostDevices.Vendor;

/**
 * Decides how the job gets the GPU that the client assigned to it, and no other. Several jobs with
 * a part of one GPU each get the same one.
 */
final class GpuPlanning {
  private static final String CDI_KIND = "nvidia.com/gpu=";

  /** What the client writes before a number. */
  private static final String DEVICE = "--device";

  private final PlanRequest request;
  private final GpuSpec asked;
  private final boolean all;
  private final List<Refusal> refusals;
  private final Map<String, Origin> origins;

  GpuPlanning(
      PlanRequest request,
      Privileges privileges,
      List<Refusal> refusals,
      Map<String, Origin> origins) {
    this.request = request;
    this.asked = request.spec().gpu();
    this.all = privileges.allGpus();
    this.refusals = refusals;
    this.origins = origins;
  }

  Optional<GpuAssignment> gpu() {
    if (!asked.enabled()) {
      return Optional.empty();
    }
    Optional<GpuGrant> granted = request.job().grant().gpu();
    if (granted.isEmpty()) {
      return refused("the job needs a GPU and the client assigned none to this result");
    }
    GpuGrant gpu = granted.get();
    Optional<Vendor> vendor = Vendor.ofType(gpu.type());
    if (vendor.isEmpty()) {
      return refused(
          "the client assigned a GPU of type '%s'; only those of NVIDIA, AMD (ATI) and Intel can be given to a container"
              .formatted(gpu.type()));
    }
    if (!fits(vendor.get())) {
      return refused(
          "the job needs a GPU of %s (gpu.vendor) and the client assigned one of %s; the project's plan class must ask for the right one"
              .formatted(asked.vendor(), vendor.get()));
    }
    if (gpu.deviceNumber() < 0) {
      return refused("the client did not say which GPU is this result's; update the client");
    }
    List<Integer> devices = devices(gpu);
    if (asked.count() > devices.size()) {
      return refused(tooFew(gpu));
    }
    origins.put(
        "gpu.device",
        all
            ? request.spec().origin("security.all_gpus")
            : new Origin(Origin.Source.CLIENT, "gpu_device_num"));
    return assign(vendor.get(), devices);
  }

  /**
   * init_data.xml names the first device only (BOINC lib/app_ipc.cpp). For an app version whose
   * api_version is below 7.5 the client ends the command line with all of them (BOINC
   * client/app_start.cpp); what stands there is believed only where it fits to the rest.
   */
  private List<Integer> devices(GpuGrant gpu) {
    int instances = instances(gpu);
    List<String> words = request.arguments();
    List<Integer> named = new ArrayList<>();
    for (int i = words.size() - 2; i >= 0 && named.size() < instances; i -= 2) {
      OptionalInt number =
          words.get(i).equals(DEVICE) ? number(words.get(i + 1)) : OptionalInt.empty();
      if (number.isEmpty() || named.contains(number.getAsInt())) {
        break;
      }
      named.addFirst(number.getAsInt());
    }
    boolean all =
        instances > 1 && named.size() == instances && named.getFirst() == gpu.deviceNumber();
    return all ? named : List.of(gpu.deviceNumber());
  }

  private static int instances(GpuGrant gpu) {
    return (int) Math.ceil(gpu.usage());
  }

  private static OptionalInt number(String word) {
    try {
      int number = Integer.parseInt(word);
      return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
    } catch (NumberFormatException none) {
      return OptionalInt.empty();
    }
  }

  private String tooFew(GpuGrant gpu) {
    int instances = Math.max(1, instances(gpu));
    return asked.count() > instances
        ? "the job needs %d GPUs (gpu.count) and the client assigned %d"
            .formatted(asked.count(), instances)
        : "the job needs %d GPUs (gpu.count), and of the %d that the client assigned it names the first only; it names all to an app version whose api_version is below 7.5"
            .formatted(asked.count(), instances);
  }

  private boolean fits(Vendor vendor) {
    return switch (asked.vendor()) {
      case AUTO -> true;
      case NVIDIA -> vendor == Vendor.NVIDIA;
      case AMD -> vendor == Vendor.AMD;
      case INTEL -> vendor == Vendor.INTEL;
    };
  }

  private Optional<GpuAssignment> assign(Vendor vendor, List<Integer> numbers) {
    return switch (vendor) {
      case NVIDIA -> nvidia(numbers);
      case AMD, INTEL -> nodes(vendor, numbers);
    };
  }

  private Optional<GpuAssignment> nvidia(List<Integer> numbers) {
    List<String> devices = all ? List.of("all") : numbers.stream().map(String::valueOf).toList();
    List<String> names = new ArrayList<>();
    List<String> unnamed = new ArrayList<>();
    devices.forEach(device -> cdi(device).ifPresentOrElse(names::add, () -> unnamed.add(device)));
    if (unnamed.isEmpty() && request.engine().cdi()) {
      return Optional.of(new GpuAssignment.ByCdi(names.stream().distinct().toList()));
    }
    if (request.engine().product() == EngineFacts.Product.DOCKER) {
      return Optional.of(
          new GpuAssignment.ByToolkit(all ? List.of() : devices, asked.capabilities()));
    }
    return refused(
        request.engine().cdi()
            ? "Podman gives NVIDIA's GPUs by their CDI names, and no file in /etc/cdi or /var/run/cdi names %s%s; run nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml"
                .formatted(CDI_KIND, unnamed.getFirst())
            : "Podman %s can't give GPUs; version 4.1 or later can"
                .formatted(request.engine().version()));
  }

  /** A Linux system inside Windows has one name for all GPUs. */
  private Optional<String> cdi(String device) {
    boolean inWindows = request.devices().dxg().isPresent();
    return Stream.of(device, inWindows ? "all" : device)
        .map(CDI_KIND::concat)
        .filter(request.devices().cdi()::contains)
        .findFirst();
  }

  private Optional<GpuAssignment> nodes(Vendor vendor, List<Integer> numbers) {
    if (request.engine().files() != HostFiles.SAME) {
      return refused(
          "the engine at %s is not on this computer, and only NVIDIA's GPUs can be given there"
              .formatted(request.engine().endpoint()));
    }
    HostDevices host = request.devices();
    if (host.dxg().isPresent()) {
      return Optional.of(byNodes(List.of(host.dxg().get())));
    }
    List<Node> render = host.renderNodes(vendor);
    int number = Collections.max(numbers);
    if (number >= render.size()) {
      return refused(
          "the client assigned GPU %d of %s, and /dev/dri has %s of that vendor; is the driver (%s) loaded?"
              .formatted(
                  number,
                  vendor,
                  render.isEmpty() ? "no render node" : render.size() + " render node(s)",
                  vendor == Vendor.AMD ? "amdgpu" : "i915 or xe"));
    }
    List<Node> nodes = new ArrayList<>(all ? render : numbers.stream().map(render::get).toList());
    if (vendor == Vendor.AMD) {
      if (host.kfd().isEmpty()) {
        return refused(
            "this host has no /dev/kfd, through which AMD's GPUs compute; is the driver (amdgpu) loaded?");
      }
      nodes.addFirst(host.kfd().get());
    }
    return Optional.of(byNodes(nodes));
  }

  private static GpuAssignment byNodes(List<Node> nodes) {
    return new GpuAssignment.ByNodes(
        nodes.stream().map(Node::path).toList(),
        nodes.stream()
            .map(Node::group)
            .filter(OptionalLong::isPresent)
            .map(OptionalLong::getAsLong)
            .distinct()
            .toList());
  }

  private Optional<GpuAssignment> refused(String sentence) {
    refusals.add(Refusals.noDevice(sentence));
    return Optional.empty();
  }
}
