# A tag and not a digest: whoever releases looks the digest up and writes it here, FROM python:3.13-slim@sha256:...
FROM python:3.13-slim

LABEL org.opencontainers.image.title="Daily Papers" \
      org.opencontainers.image.description="A GitHub Action that keeps a daily list of arXiv papers in a README and announces the new ones." \
      org.opencontainers.image.licenses="MIT"

COPY requirements.txt /action/
RUN python -m pip install --no-cache-dir --no-deps --require-hashes --disable-pip-version-check \
      --root-user-action=ignore -r /action/requirements.txt

COPY entrypoint.py /action/
COPY digest/ /action/digest/
# The container lives for one run: what it imports, Python's own modules too, is compiled here and not in every run.
RUN python -m compileall -q /action && python -c "import sys; sys.path.insert(0, '/action'); import digest.run"

# No USER and no WORKDIR: the runner mounts and sets both, https://docs.github.com/en/actions/reference/workflows-and-actions/dockerfile-support
# -I: nothing is imported from the working directory, which is somebody's repository, nor from the runner's HOME.
ENTRYPOINT ["/usr/local/bin/python", "-I", "-X", "utf8", "/action/entrypoint.py"]
