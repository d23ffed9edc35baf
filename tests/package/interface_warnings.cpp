// SPDX-License-Identifier: MIT
// Interfaces of somebody who compiles with every warning that interfaces are prone to, as errors:
// a protected destructor is all that -Wnon-virtual-dtor asks of them, and what the descriptions
// turn into warns of nothing.
#include <insula/core/implements.hpp>
#include <insula/core/stream.hpp>
#include <insula/marshal/interface.hpp>

#include <memory>
#include <string>
#include <vector>

namespace stranger {

struct point {
  int x = 0;
  int y = 0;
};
struct path {
  std::uint32_t count = 0;
  point* points = nullptr;
};
INSULA_FIELDS(path, (count), (points, size_is("count")));

struct IFigure : insula::IUnknown {
  virtual insula::HRESULT Draw(const path& outline) = 0;
  virtual std::vector<std::unique_ptr<point>> corners(const std::string& name) const = 0;

 protected:
  ~IFigure() = default;
};
INSULA_INTERFACE(IFigure, insula::IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b0e1", (Draw),
                 (corners));

template <class T>
struct IScaled : IFigure {
  virtual insula::HRESULT Scale(T factor, insula::IStream* log, IFigure** result) noexcept = 0;

 protected:
  ~IScaled() = default;
};
using IScaledFigure = IScaled<double>;
INSULA_INTERFACE(IScaledFigure, IFigure, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b0e2", (Scale));

class open_figure : public insula::implements<open_figure, IScaledFigure> {
 public:
  insula::HRESULT Draw(const path&) override { return insula::S_OK; }
  std::vector<std::unique_ptr<point>> corners(const std::string&) const override { return {}; }
  insula::HRESULT Scale(double, insula::IStream*, IFigure** result) noexcept override {
    *result = nullptr;
    return insula::S_FALSE;
  }
};
class final_figure final : public insula::implements<final_figure, IFigure> {
 public:
  insula::HRESULT Draw(const path&) override { return insula::S_OK; }
  std::vector<std::unique_ptr<point>> corners(const std::string&) const override { return {}; }
};

insula::com_ptr<open_figure> make_open() { return insula::make<open_figure>(); }
insula::com_ptr<IFigure> make_final() { return insula::make<final_figure>(); }

}  // namespace stranger
