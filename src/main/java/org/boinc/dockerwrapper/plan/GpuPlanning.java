package org.boinc.dockerwrapper.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    // init_data.xml names the first assigned device only (BOINC/boinc lib/app_ipc.cpp).
    if (asked.count() > 1) {
      return refused("the job needs %d GPUs and the client names one".formatted(asked.count()));
    }
    origins.put(
        "gpu.device",
        all
            ? request.spec().origin("security.all_gpus")
            : new Origin(Origin.Source.CLIENT, "gpu_device_num"));
    return assign(vendor.get(), gpu.deviceNumber());
  }

  private boolean fits(Vendor vendor) {
    return switch (asked.vendor()) {
      case AUTO -> true;
      case NVIDIA -> vendor == Vendor.NVIDIA;
      case AMD -> vendor == Vendor.AMD;
      case INTEL -> vendor == Vendor.INTEL;
    };
  }

  private Optional<GpuAssignment> assign(Vendor vendor, int number) {
    return switch (vendor) {
      case NVIDIA -> nvidia(number);
      case AMD, INTEL -> nodes(vendor, number);
    };
  }

  private Optional<GpuAssignment> nvidia(int number) {
    String device = all ? "all" : String.valueOf(number);
    Optional<String> name = cdi(device);
    if (name.isPresent() && request.engine().cdi()) {
      return Optional.of(new GpuAssignment.ByCdi(List.of(name.get())));
    }
    if (request.engine().product() == EngineFacts.Product.DOCKER) {
      return Optional.of(
          new GpuAssignment.ByToolkit(all ? List.of() : List.of(device), asked.capabilities()));
    }
    return refused(
        request.engine().cdi()
            ? "Podman gives NVIDIA's GPUs by their CDI names, and no file in /etc/cdi or /var/run/cdi names %s%s; run nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml"
                .formatted(CDI_KIND, device)
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

  private Optional<GpuAssignment> nodes(Vendor vendor, int number) {
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
    if (number >= render.size()) {
      return refused(
          "the client assigned GPU %d of %s, and /dev/dri has %s of that vendor; is the driver (%s) loaded?"
              .formatted(
                  number,
                  vendor,
                  render.isEmpty() ? "no render node" : render.size() + " render node(s)",
                  vendor == Vendor.AMD ? "amdgpu" : "i915 or xe"));
    }
    List<Node> nodes = new ArrayList<>(all ? render : List.of(render.get(number)));
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
