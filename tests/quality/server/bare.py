"""A bare FastAPI endpoint, served as ours is: what the frame alone costs. `python -m tests.quality.server.bare`."""

import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.get("/api/v1/jobs/{job_id}")
def get_job(job_id: str) -> dict[str, str]:
    """What it was asked for."""
    return {"job_id": job_id}


if __name__ == "__main__":
    uvicorn.run(app, port=0, log_level="info", access_log=False)
