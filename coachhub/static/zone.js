// Tells the server the reader's time zone by a cookie, so that times are told by their own clock from the first page on.
(() => {
  "use strict";
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  const kept = () => document.cookie.split("; ").includes(`zone=${encodeURIComponent(zone)}`);
  const was = kept();
  document.cookie = `zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
  // The page was made before the cookie was there, and nobody has chosen another zone: once more, in the right one.
  const guessed = document.querySelector("[data-zone-guessed]");
  if (guessed && guessed.dataset.zoneGuessed !== zone && !was && kept()) location.reload();
})();
