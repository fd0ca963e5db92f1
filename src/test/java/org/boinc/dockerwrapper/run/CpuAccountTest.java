package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CpuAccountTest {
  private static final double ROUNDING = 1e-6;

  @Test
  void readingsOfOneRunAreNotAddedUp() {
    assertEquals(7, new CpuAccount(0, 0).read(3).read(7).total());
  }

  @Test
  void theCountersOfTwoRunsAreAddedUp() {
    assertEquals(9, new CpuAccount(0, 0).read(7).read(2).total());
  }

  @Test
  void aNewRunContinuesTheAccount() {
    CpuAccount before = new CpuAccount(0, 0).read(7);
    assertEquals(12, CpuAccount.startingAt(before.total()).read(5).total());
  }

  @Test
  void afterARebootTheAccountIsTheClientsCheckpoint() {
    assertEquals(100.5, CpuAccount.startingAt(100).read(0.5).total());
  }

  @Test
  void c7TheAccountIsNeverBelowTheClients() {
    assertEquals(1000, new CpuAccount(3, 4).atLeast(1000).total());
    assertEquals(1003, new CpuAccount(3, 4).atLeast(1000).read(7).total());
    assertEquals(7, new CpuAccount(3, 4).atLeast(2).total());
  }

  @Property
  void whateverTheEngineSaysTheAccountNeverGoesBack(
      @ForAll @Size(max = 30) List<@DoubleRange(max = 1e7) Double> readings,
      @ForAll @DoubleRange(max = 1e7) double clients) {
    CpuAccount account = new CpuAccount(0, 0).atLeast(clients);
    for (double reading : readings) {
      CpuAccount next = account.read(reading);
      assertTrue(next.total() >= account.total() - ROUNDING, account + " then " + next);
      account = next;
    }
    assertTrue(account.total() >= clients - ROUNDING);
  }
}
