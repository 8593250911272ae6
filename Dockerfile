# python:3.13-slim of September 2026 (Python 3.13.15, Debian 13; amd64 and arm64). Dependabot proposes the next ones;
# `docker buildx imagetools inspect python:3.13-slim` shows the newest. A release without a digest here is refused.
FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS base

FROM base AS packages
COPY requirements.txt /
# Wheels only, so there is nothing to compile; what no run reads is left out.
RUN python -m pip install --prefix=/packages --no-cache-dir --no-compile --no-deps --only-binary=:all: --require-hashes \
      --disable-pip-version-check --root-user-action=ignore -r /requirements.txt \
 && rm -r /packages/bin \
 && find /packages \( -name tests -o -path "*/lxml/includes" -o -name "*.pyx" -o -name "*.px[di]" -o -name "*.[ch]" \) \
      -prune -exec rm -r {} +

FROM base
LABEL org.opencontainers.image.title="Daily Papers" \
      org.opencontainers.image.description="A GitHub Action that keeps a daily list of arXiv papers in a README and announces the new ones." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="docker.io/library/python:3.13-slim"

# Nothing is installed in a run.
RUN python -m pip uninstall --yes --quiet --root-user-action=ignore pip && rm -r /usr/local/lib/python3.13/ensurepip
COPY --from=packages /packages /usr/local
COPY entrypoint.py /action/
COPY digest/ /action/digest/
# A container lives for one run, so all that a run imports is compiled here: the packages, and Python's own modules
# by being imported once (the base has them without bytecode).
RUN python -m compileall -q /action /usr/local/lib/python3.13/site-packages \
 && python -I -c "import sys; sys.path.insert(0, '/action'); import digest.run, digest.publish, github; \
      import digest.template_process, digest.page.template_program; \
      import _strptime, netrc, encodings.idna, encodings.unicode_escape, encodings.utf_16_le"

# No USER and no WORKDIR: the runner mounts and sets both,
# https://docs.github.com/en/actions/reference/workflows-and-actions/dockerfile-support
# No shell in between: it would drop every input with a dash in its name.
# -I: nothing is imported from the working directory, which is somebody's repository, nor from the runner's HOME.
ENTRYPOINT ["/usr/local/bin/python", "-I", "-X", "utf8", "/action/entrypoint.py"]
