"""Streamlit entry: the pages and how one gets from one to another, and nothing else."""

from __future__ import annotations

import streamlit as st

from whichmodel.leaderboard import ICON, navigation

st.set_page_config(page_title="Which model", page_icon=str(ICON), layout="wide", initial_sidebar_state=264)
navigation.run()
