// Speechless stands there when the page's words did not come: in both languages, as there is
// no other way to say it.
export const Speechless = () => (
  <main className="page">
    <h1>SINSO</h1>
    <div className="failure" role="alert">
      <p lang="en">This page did not come in full. Nothing was changed.</p>
      <p lang="zh-Hans">页面未能完整加载。没有任何改动。</p>
    </div>
    <button type="button" onClick={() => { location.reload(); }}><span lang="en">Try again</span> · <span lang="zh-Hans">重试</span></button>
  </main>
);
