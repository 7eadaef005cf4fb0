"""The backend that runs workers in containers of Docker or Podman."""
