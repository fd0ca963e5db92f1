package org.boinc.dockerwrapper.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.boinc.dockerwrapper.job.PolicyText.Item;
import org.junit.jupiter.api.Test;

/** What the volunteer wrote stays as it is, but for the one thing that changes. */
class PolicyTextTest {
  private static final String LHC = "https://lhcathome.cern.ch/lhcathome/";
  private static final Item FUSE = new Item("devices", "/dev/fuse");
  private static final Item ROOT = new Item("root", "");

  private static final String WRITTEN =
      """
      # my rules
      network = "allow"   # for now

      [[project]]
      url = "https://lhcathome.cern.ch/lhcathome/"   # ATLAS
      caps = ["SYS_ADMIN"]   # for cvmfs
      devices = [
        "/dev/kvm", # asked for in May
      ]

      [[project]]
      url = "https://example.org/other/"
      root = true
      """;

  private static String allow(Item... items) {
    return PolicyText.allow(WRITTEN, LHC, List.of(items));
  }

  @Test
  void aFirstConsentMakesTheProjectsEntry() {
    assertEquals(
        """
        [[project]]
        url = "https://lhcathome.cern.ch/lhcathome/"
        devices = ["/dev/fuse"]
        """,
        PolicyText.allow("", LHC, List.of(FUSE)));
  }

  @Test
  void anotherProjectsEntryComesBehindTheOthers() {
    assertEquals(
        WRITTEN + "\n[[project]]\nurl = \"https://new.example/\"\nroot = true\n",
        PolicyText.allow(WRITTEN, "https://new.example/", List.of(ROOT)));
  }

  @Test
  void anItemJoinsItsListAndCommentsStay() {
    assertEquals(WRITTEN.replace("\"/dev/kvm\",", "\"/dev/kvm\", \"/dev/fuse\","), allow(FUSE));
    assertEquals(
        WRITTEN.replace("[\"SYS_ADMIN\"]", "[\"SYS_ADMIN\", \"NET_ADMIN\"]"),
        allow(new Item("caps", "NET_ADMIN")));
  }

  @Test
  void aKeyThatIsNotThereComesBelowTheAddress() {
    assertEquals(WRITTEN.replace("# ATLAS\n", "# ATLAS\nroot = true\n"), allow(ROOT));
    assertEquals(
        WRITTEN.replace("# ATLAS\n", "# ATLAS\nmounts = [\"/cvmfs:ro\"]\n"),
        allow(new Item("mounts", "/cvmfs:ro")));
  }

  @Test
  void whatIsAgreedToAlreadyChangesNothing() {
    assertEquals(WRITTEN, allow(new Item("caps", "cap_sys_admin")));
    assertEquals(WRITTEN, PolicyText.allow(WRITTEN, "example.org_other", List.of(ROOT)));
  }

  @Test
  void anItemIsTakenOut() {
    assertEquals(
        WRITTEN.replace("[\"SYS_ADMIN\"]", "[]"),
        PolicyText.deny(WRITTEN, LHC, List.of(new Item("caps", "SYS_ADMIN"))));
    assertEquals(WRITTEN, PolicyText.deny(allow(FUSE), LHC, List.of(FUSE)));
    assertEquals(
        WRITTEN.replace("root = true", "root = false"),
        PolicyText.deny(WRITTEN, "https://example.org/other", List.of(ROOT)));
  }

  @Test
  void withoutItemsTheWholeEntryIsTakenOut() {
    assertEquals(
        """
        # my rules
        network = "allow"   # for now

        [[project]]
        url = "https://example.org/other/"
        root = true
        """,
        PolicyText.deny(WRITTEN, LHC, List.of()));
  }

  @Test
  void aProjectThatHasNothingLosesNothing() {
    assertEquals(WRITTEN, PolicyText.deny(WRITTEN, "https://absent.example/", List.of(ROOT)));
  }

  @Test
  void whatCommentsAndStringsSayIsNoItem() {
    String text =
        """
        [[project]]
        url = "a.example"
        caps = [ # "NET_ADMIN", ]
          'SYS_PTRACE' ]
        """;
    String allowed = PolicyText.allow(text, "a.example", List.of(new Item("caps", "NET_ADMIN")));
    assertEquals(text.replace("'SYS_PTRACE'", "'SYS_PTRACE', \"NET_ADMIN\""), allowed);
    assertTrue(PolicyText.agrees(allowed, "a.example", new Item("caps", "NET_ADMIN")));
    assertFalse(PolicyText.agrees(text, "a.example", new Item("caps", "NET_ADMIN")));
  }

  @Property(tries = 200)
  void whatWasAllowedIsAgreedToAndWhatWasDeniedIsNot(
      @ForAll @IntRange(min = 0, max = 3) int cap,
      @ForAll @IntRange(min = 0, max = 3) int device,
      @ForAll boolean root) {
    List<Item> items =
        List.of(
            new Item("caps", List.of("SYS_ADMIN", "NET_ADMIN", "SYS_NICE", "NET_RAW").get(cap)),
            new Item("devices", "/dev/d" + device),
            new Item(root ? "root" : "host_ipc", ""));
    String allowed = PolicyText.allow(WRITTEN, LHC, items);
    String denied = PolicyText.deny(allowed, LHC, items);
    for (Item item : items) {
      assertTrue(PolicyText.agrees(allowed, LHC, item), allowed);
      assertFalse(PolicyText.agrees(denied, LHC, item), denied);
    }
  }
}
