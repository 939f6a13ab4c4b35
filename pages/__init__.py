"""The pages of the app: thin scripts that Streamlit runs, each drawing what the model gives."""
