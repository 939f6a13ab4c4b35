# The app as a user without rights. Build: docker build -t family-pathways .  See docs/serving.md.
FROM python:3.13-slim

RUN useradd --create-home --uid 10001 pathways \
    && mkdir /data && chown pathways /data
WORKDIR /app
COPY requirements.lock pyproject.toml README.md ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .

ENV PYTHONDONTWRITEBYTECODE=1 \
    NUMBA_CACHE_DIR=/tmp/numba \
    FAMILY_PATHWAYS_STORE=/data/results \
    FAMILY_PATHWAYS_REDESIGNS=/data/redesigns \
    FAMILY_PATHWAYS_AREAS=/data/areas \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_SERVER_HEADLESS=true
USER pathways
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD \
    ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["python", "-m", "streamlit", "run", "app.py"]
