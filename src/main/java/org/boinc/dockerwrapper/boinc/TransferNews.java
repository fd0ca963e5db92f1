package org.boinc.dockerwrapper.boinc;

import java.util.EnumSet;
import java.util.Set;

/** What the client announces on the trickle-down channel (BOINC client/cs_trickle.cpp). */
public enum TransferNews {
  /** A file {@code trickle_down_*} lies in the slot. */
  TRICKLE_DOWN("<have_trickle_down/>"),
  /** A file {@code boinc_ufs_*} in the slot says what became of an upload. */
  UPLOAD_STATUS("<upload_file_status/>");

  private final String tag;

  TransferNews(String tag) {
    this.tag = tag;
  }

  /** The literal tag. */
  public String tag() {
    return tag;
  }

  static Set<TransferNews> parse(String message) {
    Set<TransferNews> news = EnumSet.noneOf(TransferNews.class);
    for (TransferNews item : values()) {
      if (message.contains(item.tag)) {
        news.add(item);
      }
    }
    return news;
  }
}
