package org.boinc.dockerwrapper.plan;

/** The script that {@code links = "script"} mounts at {@code /boinc/resolve}. */
final class ResolverScript {
  private ResolverScript() {}

  /**
   * POSIX sh with no other program: prints where the file is that a slot file means, the name
   * itself where it is no soft link.
   *
   * @param project where the project directory is mounted
   */
  static String text(String project) {
    return """
        #!/bin/sh
        # usage: /boinc/resolve NAME
        read -r line 2>/dev/null < "$1"
        case "$line" in
          "<soft_link>"*"</soft_link>"*)
            target=${line#"<soft_link>"}
            target=${target%%%%"</soft_link>"*}
            printf '%%s\\n' '%s/'"${target##*/}" ;;
          *) printf '%%s\\n' "$1" ;;
        esac
        """
        .formatted(project);
  }
}
