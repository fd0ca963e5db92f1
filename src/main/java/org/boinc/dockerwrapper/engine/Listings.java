package org.boinc.dockerwrapper.engine;

import java.time.Instant;
import java.util.List;

/** Reads the engine's lists (Docker API, ContainerList, ImageList, NetworkList). */
final class Listings {
  /** What older engines call an image that has lost its name. */
  private static final String NO_NAME = "<none>:<none>";

  private Listings() {}

  static ListedContainer container(Json listed) {
    String name = listed.path("Names").items().map(Json::text).findFirst().orElse("");
    return new ListedContainer(
        listed.path("Id").text(),
        name.startsWith("/") ? name.substring(1) : name,
        ContainerState.of(listed.path("State").text()).orElse(ContainerState.EXITED),
        listed.path("Image").text(),
        imageId(listed.path("ImageID").text()),
        listed.path("Labels").texts());
  }

  static ListedImage image(Json listed) {
    List<String> names =
        listed
            .path("RepoTags")
            .items()
            .map(Json::text)
            .filter(name -> !name.equals(NO_NAME))
            .toList();
    return new ListedImage(
        imageId(listed.path("Id").text()),
        names,
        listed.path("Labels").texts(),
        listed.path("Size").number(),
        Instant.ofEpochSecond(listed.path("Created").number()));
  }

  static ListedNetwork network(Json listed) {
    return new ListedNetwork(
        listed.path("Id").text(), listed.path("Name").text(), listed.path("Labels").texts());
  }

  /** Podman leaves the algorithm out in some of its answers. */
  private static String imageId(String id) {
    return id.isEmpty() || id.contains(":") ? id : "sha256:" + id;
  }
}
