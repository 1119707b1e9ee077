// Runs before the first paint, so that a dark page never flashes white.
// A file of its own because the content security policy forbids inline scripts.
try {
  const theme = localStorage.getItem("customer360.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be blocked; the page then follows the system's theme.
}
