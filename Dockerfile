# The product without the sandbox and the tests. `docker run IMAGE` is the web side,
# `docker run IMAGE stock-tracker serve --worker` the worker; settings come from the environment.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PATH=/opt/venv/bin:$PATH
WORKDIR /app

# Packages first: this layer changes with the locks only. setuptools makes the editable install;
# production does not need it, so its hash stands in the other lock, and it goes again below.
COPY requirements.lock requirements.prod.lock ./
RUN python -m venv /opt/venv \
 && sed -n '/^setuptools==/,/[^\\]$/p' requirements.lock > setuptools.txt \
 && pip install --quiet --require-hashes -r requirements.prod.lock -r setuptools.txt \
 && rm setuptools.txt requirements.lock requirements.prod.lock

COPY pyproject.toml ./
COPY domain domain
COPY infrastructure infrastructure
COPY migrations migrations
COPY app app
COPY stock_tracker stock_tracker
RUN pip install --quiet --no-deps --no-build-isolation --editable . \
 && pip uninstall --quiet --yes setuptools \
 && python -m compileall -q -j 0 /app /opt/venv

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin stock-tracker
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ENVIRONMENT=production
WORKDIR /app
USER 10001
EXPOSE 8000
CMD ["stock-tracker", "serve", "--web"]
